package io.continuo.server.conversation;

import org.junit.jupiter.api.AfterEach;

class InMemoryConversationLogTest implements ConversationLogContract {
  private final InMemoryConversationLog log = new InMemoryConversationLog();

  @Override
  public ConversationLog log() {
    return log;
  }

  @AfterEach
  void close() {
    log.close();
  }
}
