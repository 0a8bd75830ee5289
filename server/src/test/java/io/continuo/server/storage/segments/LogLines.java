package io.continuo.server.storage.segments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// What is logged while it is open.
final class LogLines implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  private LogLines(String name) {
    logger = (Logger) LoggerFactory.getLogger(name);
    lines.start();
    logger.addAppender(lines);
  }

  /// @param name of a logger; those below it count too
  static LogLines of(String name) {
    return new LogLines(name);
  }

  /// The events of this level, in order.
  List<String> events(Level level) {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel() == level)
        .map(ILoggingEvent::getMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
  }
}
