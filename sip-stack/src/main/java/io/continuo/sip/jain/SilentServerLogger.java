package io.continuo.sip.jain;

import gov.nist.core.ServerLogger;
import gov.nist.javax.sip.message.SIPMessage;
import java.util.Properties;
import javax.sip.SipStack;

/// JAIN-SIP's message log, switched off: messages hold what people write. Made by JAIN-SIP by name.
public final class SilentServerLogger implements ServerLogger {
  @Override
  public void closeLogFile() {}

  @Override
  public void logMessage(SIPMessage m, String from, String to, boolean sender, long time) {}

  @Override
  public void logMessage(
      SIPMessage m, String from, String to, String status, boolean sender, long time) {}

  @Override
  public void logMessage(SIPMessage m, String from, String to, String status, boolean sender) {}

  @Override
  public void logException(Exception cause) {}

  @Override
  public void setStackProperties(Properties properties) {}

  @Override
  public void setSipStack(SipStack stack) {}
}
