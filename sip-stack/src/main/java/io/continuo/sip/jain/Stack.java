package io.continuo.sip.jain;

import gov.nist.javax.sip.SipProviderImpl;
import gov.nist.javax.sip.SipStackImpl;
import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpointConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TooManyListenersException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sip.ListeningPoint;
import javax.sip.SipException;
import javax.sip.SipListener;

/// JAIN-SIP, set up for transactions only, over our transports.
record Stack(SipStackImpl stack, SipProviderImpl provider, Processors channels) {
  private static final AtomicInteger COUNT = new AtomicInteger();

  static Stack start(SipEndpointConfig config, Sockets sockets, SendFailures failures)
      throws IOException {
    try {
      SipStackImpl stack = new SipStackImpl(settings());
      Processors processors = new Processors(sockets, failures);
      stack.setMessageProcessorFactory(processors);
      List<ListeningPoint> points = new ArrayList<>();
      for (Flow.Transport transport : sockets.spoken()) {
        int port = sockets.address(transport).orElseThrow().getPort();
        points.add(stack.createListeningPoint(config.host(), port, transport.via()));
      }
      SipProviderImpl provider = (SipProviderImpl) stack.createSipProvider(points.getFirst());
      for (ListeningPoint point : points.subList(1, points.size())) {
        provider.addListeningPoint(point);
      }
      return new Stack(stack, provider, processors);
    } catch (SipException | javax.sip.InvalidArgumentException refused) {
      throw new IOException("SIP stack does not start: " + refused.getMessage(), refused);
    }
  }

  void listen(SipListener listener) {
    try {
      provider.addSipListener(listener);
    } catch (TooManyListenersException never) {
      throw new IllegalStateException(never);
    }
  }

  private static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty("javax.sip.STACK_NAME", "continuo-" + COUNT.incrementAndGet());
    settings.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
    settings.setProperty("gov.nist.javax.sip.REENTRANT_LISTENER", "true");
    settings.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
    // A transaction outlives its answer by 32 s over UDP: it shall hold the answer then, not both
    // messages. Whatever we need of a request is kept beside it.
    settings.setProperty("gov.nist.javax.sip.RELEASE_REFERENCES_STRATEGY", "Aggressive");
    settings.setProperty("gov.nist.javax.sip.DELIVER_UNSOLICITED_NOTIFY", "true");
    settings.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
    settings.setProperty("gov.nist.javax.sip.SERVER_LOGGER", SilentServerLogger.class.getName());
    return settings;
  }
}
