package io.continuo.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.distribution.UnpackedDistribution.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ImagesIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCKER = PROJECT.resolve("docker");

  @TempDir Path directory;

  private Path root;

  @BeforeEach
  void realPath() throws IOException {
    root = directory.toRealPath();
  }

  @Test
  void theServersImageHoldsTheDistribution() throws IOException {
    Outcome outcome = image("server").start(Map.of(), "--version");

    assertThat(outcome.output()).contains(System.getProperty("continuo.version"));
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theServersImageStartsWithAConfigurationFreeOfErrors() throws IOException {
    Dockerfile image = image("server");
    assertThat(image.command()).containsExactly("serve", "--config", "./continuo.yaml");

    Outcome outcome = image.start(Map.of(), "check-config", "--config", "./continuo.yaml");

    assertThat(outcome.status()).as(outcome.output()).isZero();
  }

  @Test
  void theServerDoesNotRunAsRootAndItsStoreIsItsOwn() throws IOException {
    Dockerfile image = image("server");

    assertThat(image.user()).matches("[1-9][0-9]*");
    assertThat(Files.readString(DOCKER.resolve("server/install")))
        .contains("chown %s:%s \"$store\"".formatted(image.user(), image.user()));
    assertThat(map(load(DOCKER.resolve("server/continuo.yaml"))).get("storage"))
        .extracting(storage -> map(storage).get("directory"))
        .isEqualTo("/var/lib/continuo");
  }

  @Test
  void theSippImageListsItsScenariosWhenItIsGivenAnUnknownOne() throws IOException {
    Outcome outcome =
        image("sipp")
            .start(Map.of("CONTINUO_SIP", "127.0.0.1:5060", "CONTINUO_USER", "bob"), "no-scenario");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.output()).contains("register.xml", "device-accepts.xml");
  }

  @Test
  void kamailioTakesItsConfiguration() throws IOException {
    Outcome outcome =
        image("kamailio")
            .start(
                Map.of("CONTINUO_CSCF", "127.0.0.1:5060", "CONTINUO_SERVER", "127.0.0.1:5062"),
                "-c");

    assertThat(outcome.output()).contains("config file ok");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theComposeFileNamesOnlyWhatExists() throws IOException {
    Map<?, ?> compose = map(load(DOCKER.resolve("compose.yaml")));
    Map<?, ?> services = map(compose.get("services"));

    for (Object each : services.values()) {
      Map<?, ?> service = map(each);
      Path context = DOCKER.resolve(map(service.get("build")).get("context").toString());
      assertThat(context.resolve(map(service.get("build")).get("dockerfile").toString())).exists();
      for (Object network : map(service.get("networks")).keySet()) {
        assertThat(map(compose.get("networks")).containsKey(network)).as("%s", network).isTrue();
      }
      for (Object needed : list(service.get("depends_on"))) {
        assertThat(services.containsKey(needed)).as("service %s", needed).isTrue();
      }
      for (Object scenario : list(service.get("command"))) {
        assertThat(PROJECT.resolve("test-scenarios/src/test/sipp/" + scenario + ".xml")).exists();
      }
    }
  }

  @Test
  void theServersConfigurationAndTheComposeFileAgreeOnAddresses() throws IOException {
    Map<?, ?> services = map(map(load(DOCKER.resolve("compose.yaml"))).get("services"));
    Map<?, ?> config = map(load(DOCKER.resolve("server/continuo.yaml")));
    String server = addressOf(services, "server");

    assertThat(map(config.get("sip")).get("host")).isEqualTo(server);
    assertThat(map(config.get("msrp")).get("host")).isEqualTo(server);
    assertThat(map(map(services.get("cscf")).get("environment")).get("CONTINUO_SERVER"))
        .isEqualTo(server + ":5060");
    assertThat(map(map(services.get("bob")).get("environment")).get("CONTINUO_SIP"))
        .isEqualTo(addressOf(services, "cscf") + ":5060");
  }

  private Dockerfile image(String name) throws IOException {
    return Dockerfile.build(DOCKER.resolve(name).resolve("Dockerfile"), PROJECT, root);
  }

  private static String addressOf(Map<?, ?> services, String name) {
    Map<?, ?> networks = map(map(services.get(name)).get("networks"));
    return map(networks.get("chat")).get("ipv4_address").toString();
  }

  private static Object load(Path file) throws IOException {
    return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static Map<?, ?> map(Object yaml) {
    return (Map<?, ?>) yaml;
  }

  private static List<?> list(Object yaml) {
    return yaml == null ? List.of() : (List<?>) yaml;
  }
}
