package io.continuo.sipcomparison;

import gov.nist.core.StackLogger;
import java.util.Properties;

/// No log at all, for the bare stack: its own default needs log4j, and would cost it something.
/// Made by JAIN-SIP by name.
public final class SilentStackLogger implements StackLogger {
  @Override
  public boolean isLoggingEnabled() {
    return false;
  }

  @Override
  public boolean isLoggingEnabled(int level) {
    return false;
  }

  @Override
  public void logException(Throwable cause) {}

  @Override
  public void logError(String message) {}

  @Override
  public void logError(String message, Exception cause) {}

  @Override
  public void logFatalError(String message) {}

  @Override
  public void logWarning(String message) {}

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
    return "silent";
  }
}
