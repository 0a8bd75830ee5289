package io.continuo.server.configuration;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything that can be configured, checked.
///
/// The keys are those of the records, `section.name` in kebab-case; `server/docs/configuration.md`
/// lists them.
public record ServerConfiguration(
    SipSettings sip,
    AuthSettings auth,
    RegistrarSettings registrar,
    MsrpSettings msrp,
    MsrpTransportSettings msrpTransports,
    MsrpRelaySettings msrpRelays,
    TlsSettings tls,
    SessionSettings session,
    ImdnSettings imdn,
    StorageSettings storage,
    OperationsSettings operations,
    RuntimeSettings runtime) {

  private static final String PROPERTY = "continuo.";

  public ServerConfiguration {
    Map<String, Integer> listening = new LinkedHashMap<>();
    listening.put("sip.port", sip.port());
    listening.putAll(msrpTransports.ports(msrp.port()));
    listening.put("operations.port", operations.port());
    listening.putAll(sip.ownPorts());
    eachItsOwn(listening);
    Optional<String> outward = msrpRelays.outward();
    boolean plain = outward.filter(MsrpTransportSettings.TCP::equals).isPresent();
    new Check()
        .that(
            "msrp.relays",
            outward.filter(needed -> !msrpTransports.speaks(needed)).isEmpty(),
            "needs " + outward.orElse("") + " in msrp.transports, as devices reach the last one")
        .that(
            "msrp.relays",
            !plain || !msrpTransports.requireTls(),
            "needs a last one with msrps: for msrp.require-tls")
        .done();
  }

  public static final ServerConfiguration DEFAULT =
      new ServerConfiguration(
          SipSettings.DEFAULT,
          AuthSettings.DEFAULT,
          RegistrarSettings.DEFAULT,
          MsrpSettings.DEFAULT,
          MsrpTransportSettings.DEFAULT,
          MsrpRelaySettings.DEFAULT,
          TlsSettings.DEFAULT,
          SessionSettings.DEFAULT,
          ImdnSettings.DEFAULT,
          StorageSettings.DEFAULT,
          OperationsSettings.DEFAULT,
          RuntimeSettings.DEFAULT);

  /// Whether something speaks TLS, or it is said with what: certificates are then loaded, or made,
  /// at the start.
  public boolean speaksTls() {
    return sip.speaksTls()
        || msrpTransports.speaksTls()
        || msrpRelays.speaksTls()
        || !tls.certificates().isEmpty()
        || !tls.trust().toString().isEmpty();
  }

  /// Any free port (0) is nobody else's.
  private static void eachItsOwn(Map<String, Integer> ports) {
    Map<Integer, String> taken = new HashMap<>();
    Check check = new Check();
    ports.forEach((key, port) -> {
      String other = port == 0 ? null : taken.putIfAbsent(port, key);
      check.that(key, other == null, "is the same as " + other + "; each needs its own");
    });
    check.done();
  }

  /// Reads a YAML file; system properties `continuo.<key>` come over it. Relative paths start at
  /// the directory of the file. Called once, at start.
  ///
  /// @throws InvalidConfiguration with everything that is wrong with it
  public static ServerConfiguration load(Path file) throws InvalidConfiguration {
    return load(file, systemProperties());
  }

  /// As [#load(Path)], with these overrides in place of the system properties.
  ///
  /// @param overrides values by key, as they would stand in the file; a list separated by commas
  public static ServerConfiguration load(Path file, Map<String, String> overrides)
      throws InvalidConfiguration {
    Path directory = file.toAbsolutePath().getParent();
    Path start = directory == null ? file.toAbsolutePath() : directory;
    return new ConfigurationReader(FlatYaml.read(file), overrides, start).read(file.toString());
  }

  /// The defaults and the system properties, when there is no file. Relative paths stay relative to
  /// the working directory.
  public static ServerConfiguration withoutFile() throws InvalidConfiguration {
    return withoutFile(systemProperties());
  }

  /// As [#withoutFile()], with these overrides in place of the system properties.
  public static ServerConfiguration withoutFile(Map<String, String> overrides)
      throws InvalidConfiguration {
    FlatYaml nothing = new FlatYaml(Map.of(), List.of());
    return new ConfigurationReader(nothing, overrides, Path.of("")).read("configuration");
  }

  /// Properties `continuo.<section>.<name>` of a section that exists; others are not ours.
  private static Map<String, String> systemProperties() {
    Set<String> sections =
        Setting.all().stream()
            .map(setting -> setting.key().substring(0, setting.key().indexOf('.')))
            .collect(Collectors.toSet());
    Map<String, String> overrides = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      String[] parts = name.split("\\.", 3);
      if (name.startsWith(PROPERTY) && parts.length == 3 && sections.contains(parts[1])) {
        overrides.put(
            String.join(".", Arrays.asList(parts).subList(1, 3)), System.getProperty(name));
      }
    }
    return overrides;
  }
}
