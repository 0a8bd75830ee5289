package io.continuo.server;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.configuration.StorageSettings;
import io.continuo.server.conversation.Entry.Opened;
import io.continuo.server.conversation.Told;
import io.continuo.server.storage.h2.H2Store;
import io.continuo.server.storage.segments.LogObserver;
import io.continuo.server.storage.segments.SegmentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WiringTest {
  @TempDir Path directory;

  /// On free ports, with one setting.
  private Wiring start(String key, String value) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("storage.directory", directory.toString());
    for (String listener : List.of("sip", "msrp", "operations")) {
      settings.put(listener + ".port", "0");
    }
    settings.put("sip.tls-port", "0");
    settings.put("msrp.tls-port", "0");
    settings.put(key, value);
    return Wiring.start(ServerConfiguration.withoutFile(settings));
  }

  @Test
  void aServerThatSpeaksNoTlsMakesNoCertificate() throws Exception {
    try (Wiring server = start("sip.transports", "udp,tcp")) {
      assertThat(server.sip().getPort()).isPositive();

      assertThat(directory.resolve("tls")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sip.transports", "msrp.transports"})
  void aServerThatSpeaksTlsHasItsCertificateWhenItIsUp(String transports) throws Exception {
    try (Wiring server = start(transports, "tcp,tls")) {
      assertThat(server.msrp().getPort()).isPositive();
      assertThat(directory.resolve("tls/self-signed.pem")).isRegularFile();
    }
  }

  @Test
  void whatTheTablesLackOfTheLogIsThereWhenItIsUp() throws Exception {
    StorageSettings storage =
        ServerConfiguration.withoutFile(Map.of("storage.directory", directory.toString()))
            .storage();
    try (SegmentLog log = SegmentLog.open(storage, LogObserver.NONE)) {
      Told.append(log, CONVERSATION, List.of(new Opened(1, AT, false, List.of(ALICE, BOB))));
    }

    start("sip.transports", "udp,tcp").close();

    try (H2Store tables = H2Store.open(directory)) {
      assertThat(tables.conversations().of(BOB)).containsExactly(CONVERSATION);
    }
  }

  @Test
  void aCertificateThatCannotBeReadStopsTheStartEvenWhereNobodySpeaksTls() {
    assertThatThrownBy(() -> start("tls.certificates", "no-chain.pem no-key.pem"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-chain.pem");
    assertThatThrownBy(() -> start("tls.trust", "no-authorities.pem"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-authorities.pem");
  }
}
