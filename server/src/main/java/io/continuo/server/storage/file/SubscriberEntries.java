package io.continuo.server.storage.file;

import io.continuo.server.configuration.ConfigurationError;
import io.continuo.server.configuration.FlatYaml;
import io.continuo.server.configuration.FlatYaml.Scalar;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.ProvisionedSubscriber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes subscribers of the lines of the file, and finds every error on the way. Used once.
final class SubscriberEntries {
  private static final Pattern ENTRY =
      Pattern.compile("(subscribers\\[\\d+])\\.(address|username|aliases(?:\\[\\d+])?|ha1\\.(.+))");
  private static final Map<String, Integer> HEX_DIGITS = Map.of("MD5", 32, "SHA-256", 64);

  private final FlatYaml yaml;
  private final List<ConfigurationError> errors;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> takenBy = new HashMap<>();

  SubscriberEntries(FlatYaml yaml, List<ConfigurationError> errors) {
    this.yaml = yaml;
    this.errors = errors;
  }

  List<ProvisionedSubscriber> read() {
    yaml.values().forEach(this::line);
    List<ProvisionedSubscriber> subscribers = new ArrayList<>();
    entries.forEach((path, entry) -> subscriber(path, entry).ifPresent(subscribers::add));
    return subscribers;
  }

  private void line(String path, Scalar scalar) {
    Matcher known = ENTRY.matcher(path);
    if (known.matches()) {
      Entry entry = entries.computeIfAbsent(known.group(1), first -> new Entry(scalar.line()));
      put(entry, path, known.group(2), scalar);
    } else if (path.endsWith(".password")) {
      error(path, scalar, "passwords are not kept in the file; give ha1 (see the documentation)");
    } else if (!path.equals("subscribers") || !scalar.text().isEmpty()) {
      error(path, scalar, "is unknown; an entry has address, aliases, username and ha1");
    }
  }

  private void put(Entry entry, String path, String field, Scalar scalar) {
    switch (field) {
      case "address" -> address(path, scalar).ifPresent(one -> entry.address = Optional.of(one));
      case "username" -> entry.username = username(path, scalar);
      default -> {
        if (field.startsWith("ha1.")) {
          ha1(path, field.substring(4), scalar)
              .ifPresent(h -> entry.ha1.put(field.substring(4), h));
        } else if (!scalar.text().isBlank()) {
          address(path, scalar).ifPresent(entry.aliases::add);
        }
      }
    }
  }

  private Optional<AddressOfRecord> address(String path, Scalar scalar) {
    Optional<AddressOfRecord> address =
        AddressOfRecord.parse(scalar.text())
            .filter(one -> one.uri().startsWith("tel:") || one.uri().contains("@"));
    if (address.isEmpty()) {
      error(path, scalar, "'" + scalar.text() + "' is no address like sip:user@host or tel:+1555");
    }
    address.ifPresent(one -> claim(one.uri(), path, scalar));
    return address;
  }

  private Optional<String> username(String path, Scalar scalar) {
    if (scalar.text().isBlank() || scalar.text().matches(".*[\"\\\\\\p{Cntrl}].*")) {
      error(path, scalar, "is no user name");
      return Optional.empty();
    }
    claim("username " + scalar.text(), path, scalar);
    return Optional.of(scalar.text());
  }

  /// One name belongs to one subscriber, and stands there once.
  private void claim(String name, String path, Scalar scalar) {
    String other = takenBy.putIfAbsent(name, path);
    if (other != null) {
      error(path, scalar, "'" + scalar.text() + "' is there already, at " + other);
    }
  }

  private Optional<String> ha1(String path, String algorithm, Scalar scalar) {
    Integer digits = HEX_DIGITS.get(algorithm);
    if (digits == null) {
      error(path, scalar, "unknown algorithm; there are MD5 and SHA-256");
      return Optional.empty();
    }
    if (!scalar.text().matches("[0-9A-Fa-f]{" + digits + "}")) {
      // The value may be a secret in the wrong place: it is not repeated.
      error(path, scalar, "is not " + digits + " hexadecimal digits");
      return Optional.empty();
    }
    return Optional.of(scalar.text().toLowerCase(Locale.ROOT));
  }

  private Optional<ProvisionedSubscriber> subscriber(String path, Entry entry) {
    Scalar where = new Scalar("", entry.line);
    if (entry.address.isEmpty()) {
      missing(path + ".address", where);
      return Optional.empty();
    }
    if (entry.username.isPresent() && entry.ha1.isEmpty()) {
      missing(path + ".ha1", where);
    } else if (entry.username.isEmpty() && !entry.ha1.isEmpty()) {
      missing(path + ".username", where);
    }
    Subscriber subscriber = new Subscriber(entry.address.get(), entry.aliases);
    List<DigestCredential> credentials =
        entry.username.stream()
            .map(name -> new DigestCredential(subscriber.address(), name, entry.ha1))
            .toList();
    return Optional.of(new ProvisionedSubscriber(subscriber, credentials));
  }

  private void missing(String path, Scalar where) {
    if (errors.stream().noneMatch(error -> error.key().startsWith(path))) {
      error(path, where, "is missing");
    }
  }

  private void error(String path, Scalar scalar, String message) {
    errors.add(new ConfigurationError(path, OptionalInt.of(scalar.line()), message));
  }

  /// What was read of one subscriber so far.
  private static final class Entry {
    private final int line;
    private Optional<AddressOfRecord> address = Optional.empty();
    private final Set<AddressOfRecord> aliases = new LinkedHashSet<>();
    private Optional<String> username = Optional.empty();
    private final Map<String, String> ha1 = new HashMap<>();

    private Entry(int line) {
      this.line = line;
    }
  }
}
