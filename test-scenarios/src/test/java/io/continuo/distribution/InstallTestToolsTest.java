package io.continuo.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.distribution.UnpackedDistribution.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the script with an `apt-get` and an `id` of the test's own, and a directory as `/`.
class InstallTestToolsTest {
  private static final Path SCRIPT = Path.of("bin", "install-test-tools").toAbsolutePath();

  @TempDir Path root;

  private Path bin;
  private Path policy;
  private Path calls;

  @BeforeEach
  void debianWhereWeAreRoot() throws IOException {
    bin = Files.createDirectories(root.resolve("bin"));
    policy = root.resolve("usr/sbin/policy-rc.d");
    calls = root.resolve("calls");
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/debian_version"), "12.0\n");
    program("id", "echo 0");
    aptGet("");
  }

  @Test
  void nothingIsDoneWhenEveryProgramIsThere() throws IOException {
    program("a-tool", "true");

    assertThat(install("a-tool")).isEqualTo(new Outcome(0, ""));
    assertThat(calls).doesNotExist();
  }

  @Test
  void aMissingPackageIsInstalledWithoutRemovingOrRecommending() throws IOException {
    assertThat(install("a-tool").status()).isZero();

    assertThat(Files.readAllLines(calls).getLast())
        .contains("install a-tool")
        .contains("--no-remove", "--no-install-recommends", "DPkg::Lock::Timeout=");
  }

  @Test
  void noDaemonStartsWhileInstallingAndThePolicyOfTheMachineIsRestored() throws IOException {
    Files.createDirectories(policy.getParent());
    Files.writeString(policy, "#!/bin/sh\nexit 0\n");
    aptGet("cp '" + policy + "' '" + root + "/policy-meanwhile'");

    install("a-tool");

    assertThat(root.resolve("policy-meanwhile")).content().contains("exit 101");
    assertThat(policy).content().contains("exit 0");
  }

  @Test
  void aPolicyThatWasNotThereIsTakenAwayAgain() throws IOException {
    install("a-tool");

    assertThat(policy).doesNotExist();
  }

  @Test
  void aFailedInstallationRestoresThePolicyAndFails() throws IOException {
    Files.createDirectories(policy.getParent());
    Files.writeString(policy, "#!/bin/sh\nexit 0\n");
    aptGet("case \"$*\" in *update*) ;; *) exit 100 ;; esac");

    Outcome outcome = install("a-tool");

    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.output()).contains("apt-get install --no-install-recommends a-tool");
    assertThat(policy).content().contains("exit 0");
  }

  @Test
  void theIndexIsFetchedOnlyWhenItDoesNotKnowThePackage() throws IOException {
    install("a-tool");
    assertThat(calls).content().doesNotContain("update");

    aptGet(
        "case \"$*\" in *update*) : >'%s/fetched' ;; *) [ -e '%s/fetched' ] || exit 100 ;; esac"
            .formatted(root, root));
    assertThat(install("b-tool").status()).isZero();
    assertThat(calls).content().contains("update");
  }

  @Test
  void whoIsNotRootIsToldWhatToType() throws IOException {
    program("id", "echo 1000");

    Outcome outcome = install("a-tool");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output()).contains("sudo", "install --no-install-recommends a-tool");
    assertThat(calls).doesNotExist();
  }

  @Test
  void anotherSystemThanDebianIsToldWhatIsMissing() throws IOException {
    Files.delete(root.resolve("etc/debian_version"));

    Outcome outcome = install("a-tool");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output()).contains("missing: a-tool", "not Debian");
  }

  @Test
  void somethingThatIsNoPackageNameIsRefused() throws IOException {
    assertThat(install("a-tool; rm -r x").status()).isEqualTo(2);
    assertThat(install("--reinstall").status()).isEqualTo(2);
  }

  private Outcome install(String... packages) throws IOException {
    String[] line = new String[packages.length + 1];
    line[0] = SCRIPT.toString();
    System.arraycopy(packages, 0, line, 1, packages.length);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("CONTINUO_PREFIX", root.toString());
    return UnpackedDistribution.end(builder);
  }

  /// An apt-get that writes down its arguments and, unless `first` ends it, makes the programs.
  private void aptGet(String first) throws IOException {
    program(
        "apt-get",
        """
        echo "$@" >>'%s'
        %s
        case "$*" in
          *--simulate*) ;;
          *"install "*) for name in ${*##*install }; do printf '#!/bin/sh\\n' >'%s'/$name; chmod 755 '%s'/$name; done ;;
        esac\
        """
            .formatted(calls, first, bin, bin));
  }

  private void program(String name, String script) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
