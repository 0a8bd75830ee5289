package io.continuo.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTest {

  @ParameterizedTest
  @EnumSource(Flow.Transport.class)
  void aFlowReadsBackAsItWasWritten(Flow.Transport transport) {
    for (String address : new String[] {"192.0.2.1", "2001:db8:0:0:0:0:0:1"}) {
      Flow flow = new Flow(transport, new InetSocketAddress(address, 5060), 17);

      assertThat(Flow.parse(flow.toString())).contains(flow);
    }
  }

  @Test
  void aFlowOfAnEarlierReleaseIsStillRead() {
    assertThat(Flow.parse("tcp/192.0.2.1:5060/17"))
        .contains(new Flow(Flow.Transport.TCP, new InetSocketAddress("192.0.2.1", 5060), 17));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tcp", "sctp/192.0.2.1:5060/1", "tcp/192.0.2.1:x/1", "tcp/192.0.2.1/1"})
  void whatIsNoFlowIsNone(String text) {
    assertThat(Flow.parse(text)).isEmpty();
  }

  @Spec("RFC 3261 §19.1.1")
  @Spec("RFC 7118 §5.2")
  @ParameterizedTest
  @CsvSource({
    "sip:a@h;transport=udp,UDP",
    "sip:a@h;transport=TCP;lr,TCP",
    "sip:a@h;lr;transport=tls,TLS",
    "sips:a@h,TLS",
    "sips:a@h;transport=tcp,TLS",
    "sip:a@h;transport=ws,WS",
    "sips:a@h;transport=ws,WSS",
    "sip:a@h;transport=wss,WSS",
    "<sip:h;transport=tcp;lr>,TCP",
  })
  void aUriSaysItsTransport(String uri, Flow.Transport transport) {
    assertThat(Flow.Transport.ofUri(uri)).contains(transport);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sip:a@h",
        "sip:a;transport=tcp@h",
        "sip:a@h;transport=sctp",
        "sip:a@h;transport=tcpx"
      })
  void aUriMaySayNothing(String uri) {
    assertThat(Flow.Transport.ofUri(uri)).isEqualTo(Optional.empty());
  }
}
