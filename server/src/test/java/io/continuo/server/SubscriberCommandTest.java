package io.continuo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.storage.h2.H2Store;
import io.continuo.sip.digest.DigestAlgorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SubscriberCommandTest {
  private static final String DORA = "sip:dora@example.com";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("continuo.yaml"), "sip.domain: example.com\nstorage.directory: data\n");
    Files.writeString(
        directory.resolve("subscribers.yaml"),
        """
        subscribers:
          - address: sip:alice@example.com
            aliases: [ "tel:+15550100001" ]
            username: alice
            ha1: { MD5: 00112233445566778899aabbccddeeff }
        """);
  }

  @Test
  @Spec("RFC 7616 §3.4.2")
  void aNewSubscriberIsInTheStoreWithOneHa1ForEachAlgorithmAndNoPassword() throws Exception {
    assertThat(subscriber("s3cret: é", "add", DORA, "--alias", "tel:+1-555-0100004")).isZero();

    ProvisionedSubscriber stored = stored().getFirst();
    assertThat(stored.subscriber().address().uri()).isEqualTo(DORA);
    assertThat(stored.subscriber().aliases()).hasToString("[tel:+15550100004]");
    assertThat(stored.credentials())
        .containsExactly(
            new DigestCredential(
                stored.subscriber().address(),
                "dora",
                Map.of(
                    "SHA-256",
                    DigestAlgorithm.SHA_256.ha1("dora", "example.com", "s3cret: é"),
                    "MD5",
                    DigestAlgorithm.MD5.ha1("dora", "example.com", "s3cret: é"))));
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            "added " + DORA + ": user name dora, realm example.com, SHA-256 and MD5\n");
  }

  @Test
  void addingAgainReplacesPasswordUserNameAndAliases() throws Exception {
    subscriber("one", "add", DORA, "--alias", "tel:+15550100004");

    assertThat(subscriber("two", "add", DORA, "--username", "d.o.r.a")).isZero();

    ProvisionedSubscriber stored = stored().getFirst();
    assertThat(out.toString()).contains("replaced " + DORA);
    assertThat(stored.subscriber().aliases()).isEmpty();
    assertThat(stored.credentials())
        .singleElement()
        .satisfies(credential -> {
          assertThat(credential.username()).isEqualTo("d.o.r.a");
          assertThat(credential.ha1())
              .containsEntry("MD5", DigestAlgorithm.MD5.ha1("d.o.r.a", "example.com", "two"));
        });
  }

  @Test
  void theListShowsFileAndStoreAndNoSecret() {
    subscriber("s3cret", "add", DORA, "--alias", "tel:+15550100004");

    assertThat(subscriber("", "list")).isZero();

    assertThat(out.toString().lines())
        .contains(
            "sip:alice@example.com\talice(MD5)\ttel:+15550100001\tfile",
            DORA + "\tdora(MD5,SHA-256)\ttel:+15550100004\tstore");
    assertThat(out.toString())
        .doesNotContain("s3cret", "00112233445566778899aabbccddeeff")
        .doesNotContain(DigestAlgorithm.MD5.ha1("dora", "example.com", "s3cret"));
  }

  @Test
  void whoIsRemovedIsGone() throws Exception {
    subscriber("s3cret", "add", DORA);

    assertThat(subscriber("", "remove", DORA)).isZero();

    assertThat(stored()).isEmpty();
    assertThat(subscriber("", "remove", DORA)).isEqualTo(Main.FAILED);
    assertThat(err.toString()).contains(DORA + " is no primary address in the store");
  }

  @Test
  void whatTheFileHasCannotBeAddedToTheStore() throws Exception {
    assertThat(subscriber("x", "add", "sip:alice@EXAMPLE.com")).isEqualTo(Main.FAILED);
    assertThat(subscriber("x", "add", DORA, "--alias", "tel:+1-555-0100001"))
        .isEqualTo(Main.FAILED);
    assertThat(subscriber("x", "add", DORA, "--username", "alice")).isEqualTo(Main.FAILED);

    assertThat(err.toString().lines())
        .containsExactly(
            "continuo: sip:alice@example.com is in the subscribers file, which comes before the"
                + " store",
            "continuo: tel:+15550100001 belongs to sip:alice@example.com of the subscribers file",
            "continuo: the user name alice belongs to sip:alice@example.com of the subscribers"
                + " file");
    assertThat(stored()).isEmpty();
  }

  @Test
  void whatAnotherSubscriberOfTheStoreHasIsRefusedAndNothingIsChanged() throws Exception {
    subscriber("x", "add", DORA, "--alias", "tel:+15550100004");

    int status = subscriber("x", "add", "sip:erik@example.com", "--alias", "tel:+15550100004");

    assertThat(status).isEqualTo(Main.FAILED);
    assertThat(err.toString()).contains("tel:+15550100004 belongs to another subscriber");
    assertThat(stored()).hasSize(1);
  }

  @Test
  void anEmptyPasswordABadAddressAndABadUserNameAreRefused() throws Exception {
    assertThat(subscriber("", "add", DORA)).isEqualTo(Main.FAILED);
    assertThat(subscriber("x", "add", "dora")).isEqualTo(Main.FAILED);
    assertThat(subscriber("x", "add", DORA, "--username", "do:ra")).isEqualTo(Main.FAILED);

    assertThat(err.toString())
        .contains(
            "an empty password is refused", "'dora' is no address", "'do:ra' is no user name");
    assertThat(stored()).isEmpty();
  }

  @Test
  void aStoreThatAServerUsesIsLeftAloneAndThatIsSaid() throws Exception {
    try (H2Store server = H2Store.open(directory.resolve("data"))) {
      assertThat(subscriber("x", "add", DORA)).isEqualTo(Main.FAILED);
      assertThat(server.subscribers().all()).isEmpty();
    }

    assertThat(err.toString()).contains("in use by another Continuo server");
  }

  @Test
  void withoutASubCommandTheUsageIsPrinted() {
    assertThat(subscriber("")).isEqualTo(Main.INVALID);
    assertThat(err.toString()).contains("add", "list", "remove");
  }

  @Test
  void thePasswordIsTheFirstLineOfStandardInputAsItStands() throws Exception {
    byte[] typed = " s3cret é \nmore\n".getBytes(StandardCharsets.UTF_8);

    assertThat(PasswordSource.firstLine(new ByteArrayInputStream(typed))).isEqualTo(" s3cret é ");
    assertThatThrownBy(() -> PasswordSource.firstLine(new ByteArrayInputStream(new byte[0])))
        .hasMessageContaining("empty password");
  }

  private int subscriber(String password, String... arguments) {
    List<String> line = new ArrayList<>(List.of("subscriber"));
    line.addAll(List.of(arguments));
    if (arguments.length > 0) {
      line.addAll(List.of("--config", directory.resolve("continuo.yaml").toString()));
    }
    return new CommandLine(new Main(), new Typing(password))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }

  private List<ProvisionedSubscriber> stored() throws StoreUnavailable {
    try (H2Store store = H2Store.open(directory.resolve("data"))) {
      return store.subscribers().all();
    }
  }

  /// Makes the commands as picocli does, with a password that comes from nowhere else.
  private record Typing(String password) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == SubscriberAddCommand.class
          ? type.cast(
              new SubscriberAddCommand(_ ->
                  PasswordSource.firstLine(
                      new ByteArrayInputStream(password.getBytes(StandardCharsets.UTF_8)))))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
