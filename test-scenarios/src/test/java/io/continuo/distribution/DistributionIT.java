package io.continuo.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.ladder.Ladder;
import io.continuo.distribution.UnpackedDistribution.Outcome;
import io.continuo.scenarios.ServerProcess;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionIT {
  @TempDir Path directory;

  private UnpackedDistribution continuo;

  @BeforeEach
  void unpack() throws IOException {
    continuo = UnpackedDistribution.in(directory.toRealPath());
  }

  @Test
  void theVersionIsPrinted() throws IOException {
    Outcome outcome = continuo.run("--version");

    assertThat(outcome.output()).contains(System.getProperty("continuo.version"));
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theDefaultConfigurationIsShippedAndFreeOfErrors() throws IOException {
    Outcome outcome =
        continuo.run(
            "check-config", "--config", continuo.home().resolve("conf/continuo.yaml").toString());

    assertThat(outcome.status()).as(outcome.output()).isZero();
  }

  @Test
  void everyConfigurationErrorIsPrintedAtOnce() throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("bad.yaml"),
            "sip:\n  port: seventeen\n  colour: blue\nmsrp:\n  bind-timeout: soon\n");

    Outcome outcome = continuo.run("check-config", "--config", config.toString());

    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.output()).contains("sip.port", "sip.colour", "msrp.bind-timeout");
  }

  @Test
  void aTakenPortIsSaidPlainly() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      ServerSetup setup = ServerSetup.in(directory.resolve("server")).with("sip.port", port);

      Outcome outcome = continuo.run("serve", "--config", setup.write().toString());

      assertThat(outcome.status()).isNotZero();
      assertThat(outcome.output()).contains(port).doesNotContain("\tat io.continuo");
    }
  }

  @Test
  void sigtermStopsItGracefullyAndItStartsAgainOnItsData() throws IOException {
    ServerSetup setup = ServerSetup.in(directory.resolve("server")).subscriber("alice");
    try (ServerProcess first = ServerProcess.start(setup, continuo.home())) {
      // 143: what a JVM that ran its shutdown hooks after SIGTERM says.
      assertThat(first.terminate()).isIn(0, 143);
      assertThat(first.output()).noneMatch(line -> line.contains("ERROR"));
      try (ServerProcess second = first.startAgain()) {
        assertThat(second.addresses())
            .usingRecursiveComparison()
            .ignoringFields("line")
            .isEqualTo(first.addresses());
      }
    }
  }

  @Test
  void itRunsThroughALinkFromAnyDirectory() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("else where"));
    Path relative =
        Files.createSymbolicLink(
            elsewhere.resolve("relative"), elsewhere.relativize(continuo.command()));
    Path link = Files.createSymbolicLink(elsewhere.resolve("continuo"), relative);

    assertThat(UnpackedDistribution.run(elsewhere, link, "--version").status()).isZero();
  }

  @Test
  void anUnknownCommandGetsTheListOfAll() throws IOException {
    Outcome outcome = continuo.run("sreve");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.output())
        .contains(
            "'sreve'",
            "serve",
            "device",
            "demo",
            "trace",
            "check-config",
            "subscriber",
            "--version");
  }

  @Test
  void anOldJavaIsRefusedWithWhatToInstall() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("old/bin"));
    Path java = bin.resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"17.0.15\" 2025-04-15' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder(continuo.command().toString(), "--version");
    builder.environment().put("JAVA_HOME", bin.getParent().toString());
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("CONTINUO_JVM_DIR", bin.toString());

    Outcome outcome = UnpackedDistribution.end(builder);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output()).contains("needs Java 25 or later");
  }

  @Test
  void theJavaBelowTheJvmDirectoryIsFoundWhenTheOneOnThePathIsOld() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("old/bin"));
    Path old = bin.resolve("java");
    Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"17.0.15\" 2025-04-15' >&2\n");
    assertThat(old.toFile().setExecutable(true)).isTrue();
    Path jvms = Files.createDirectories(directory.resolve("jvms"));
    Files.createSymbolicLink(jvms.resolve("jdk"), Path.of(System.getProperty("java.home")));
    ProcessBuilder builder = new ProcessBuilder(continuo.command().toString(), "--version");
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("CONTINUO_JVM_DIR", jvms.toString());

    assertThat(UnpackedDistribution.end(builder).status()).isZero();
  }

  @Test
  void aSubscriberAddedToTheStoreRegistersWithItsPassword() throws IOException {
    ServerSetup setup = ServerSetup.in(directory.resolve("server")).subscriber("alice");
    String config = setup.write().toString();
    Path password = Files.writeString(directory.resolve("password"), "dora's own\n");
    String dora = "sip:dora@" + ServerSetup.DOMAIN;

    Outcome added = continuo.runWith(password, "subscriber", "add", dora, "--config", config);

    assertThat(added.status()).as(added.output()).isZero();
    assertThat(continuo.run("subscriber", "list", "--config", config).output())
        .contains("sip:alice@", dora)
        .doesNotContain("dora's own");
    assertThat(Files.getPosixFilePermissions(directory.resolve("server/data")))
        .as("HA1 values are as good as passwords")
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    try (ServerProcess server = ServerProcess.start(setup, continuo.home());
        Device right = device("dora", "dora's own", server);
        Device wrong = device("dora", "somebody else's", server)) {
      assertThat(right.register()).isEqualTo(200);
      assertThat(wrong.register()).isEqualTo(401);
    }
  }

  private static Device device(String user, String password, ServerProcess server) {
    return new Device(
        DeviceConfig.of(
                user + " phone", "sip:" + user + "@" + ServerSetup.DOMAIN, server.addresses().sip())
            .credentials(user, password)
            .build(),
        new Ladder("continuo"));
  }

  @Test
  void itShipsWhatTheReadmeSpeaksOf() {
    for (String file :
        List.of("README.md", "LICENSE", "conf/continuo.yaml", "conf/subscribers.yaml")) {
      assertThat(continuo.home().resolve(file)).exists();
    }
  }
}
