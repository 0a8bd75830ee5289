package io.continuo.sip.jain;

import io.continuo.sip.SipApplication;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import java.io.IOException;

/// The endpoint on JAIN-SIP.
public final class JainSipEndpoint {
  private JainSipEndpoint() {}

  public static SipEndpoint start(SipEndpointConfig config, SipApplication application)
      throws IOException {
    throw new IOException("not there yet: " + config + application);
  }
}
