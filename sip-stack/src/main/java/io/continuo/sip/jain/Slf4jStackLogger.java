package io.continuo.sip.jain;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// JAIN-SIP's log in ours. Its errors are mostly about peers, so they are told at DEBUG; its debug
/// text holds whole messages, so it is never told. Made by JAIN-SIP by name.
public final class Slf4jStackLogger implements StackLogger {
  private static final Logger LOG = LoggerFactory.getLogger("io.continuo.sip.stack");

  @Override
  public boolean isLoggingEnabled() {
    return LOG.isDebugEnabled();
  }

  @Override
  public boolean isLoggingEnabled(int level) {
    return level > 0 && level <= LogLevels.TRACE_WARN && LOG.isDebugEnabled();
  }

  @Override
  public void logException(Throwable cause) {
    LOG.atDebug().setCause(cause).log("sip.stack-exception");
  }

  @Override
  public void logError(String message) {
    LOG.atDebug().log("sip.stack-error");
  }

  @Override
  public void logError(String message, Exception cause) {
    LOG.atDebug().setCause(cause).log("sip.stack-error");
  }

  @Override
  public void logFatalError(String message) {
    LOG.atWarn().log("sip.stack-fatal");
  }

  @Override
  public void logWarning(String message) {
    LOG.atDebug().log("sip.stack-warning");
  }

  @Override
  public void logStackTrace() {}

  @Override
  public void logStackTrace(int level) {}

  @Override
  public int getLineCount() {
    return 0;
  }

  @Override
  public void logDebug(String message) {}

  @Override
  public void logDebug(String message, Exception cause) {}

  @Override
  public void logTrace(String message) {}

  @Override
  public void logInfo(String message) {}

  @Override
  public void disableLogging() {}

  @Override
  public void enableLogging() {}

  @Override
  public void setBuildTimeStamp(String stamp) {}

  @Override
  public void setStackProperties(Properties properties) {}

  @Override
  public String getLoggerName() {
    return LOG.getName();
  }
}
