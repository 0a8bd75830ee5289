package io.continuo.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class KeyValuesTest {
  @Test
  void aPlainValueStandsAsItIs() {
    assertThat(line("sip", "127.0.0.1:5060", "device", "sip:bob@x#urn:uuid:1", "status", 404))
        .isEqualTo(" sip=127.0.0.1:5060 device=sip:bob@x#urn:uuid:1 status=404");
  }

  @Test
  void aValueThatIsNotOneWordIsQuoted() {
    assertThat(line("reason", "no credentials", "empty", "", "uri", "a=b"))
        .isEqualTo(" reason=\"no credentials\" empty=\"\" uri=\"a=b\"");
  }

  @Test
  void noValueEndsTheLineOrItsQuotes() {
    assertThat(line("user", "x\r\nERROR \"all\\lost\"\t\u0007"))
        .isEqualTo(" user=\"x\\r\\nERROR \\\"all\\\\lost\\\"\\t?\"");
  }

  @Test
  void nothingIsAddedWithoutPairs() {
    assertThat(line()).isEmpty();
  }

  private static String line(Object... pairs) {
    LoggingEvent event =
        new LoggingEvent(
            "", new LoggerContext().getLogger("test"), Level.INFO, "event", null, new Object[0]);
    for (int i = 0; i < pairs.length; i += 2) {
      event.addKeyValuePair(new KeyValuePair((String) pairs[i], pairs[i + 1]));
    }
    return new KeyValues().convert(event);
  }
}
