package io.continuo.server.storage.segments;

import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.ConversationLogContract;
import io.continuo.server.conversation.StoreUnavailable;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogTest implements ConversationLogContract {
  @TempDir Path directory;
  private SegmentLog log;

  @BeforeEach
  void open() throws StoreUnavailable {
    log = SegmentLog.open(SegmentFiles.settings(directory), LogObserver.NONE);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Override
  public ConversationLog log() {
    return log;
  }
}
