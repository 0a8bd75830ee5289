package io.continuo.msrp.cpim;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the prefixes in the headers of one message stand for: its NS headers (RFC 3862 §3.4), and
/// what readers make of prefixes that none declares.
///
/// A header of RFC 3862 §4 counts under its plain name and under every prefix that is bound to
/// their namespace: whoever looked at one alone could be shown another author than the next reader
/// sees. So a plain name counts also where another default namespace is declared.
///
/// Immutable but for what it remembers; safe on any thread.
final class Namespaces {
  /// What everybody calls the namespace of IMDN headers, declared or not.
  static final String IMDN = "imdn";

  private final List<Field> fields;
  private @Nullable Set<String> corePrefixes;

  Namespaces(List<Field> fields) {
    this.fields = fields;
  }

  /// The name of a header under a prefix; the empty one is the default namespace.
  static String prefixed(String prefix, String localName) {
    return prefix.isEmpty() ? localName : prefix + "." + localName;
  }

  // ---- the headers of RFC 3862 §4

  /// Whether it is this header of RFC 3862 §4.
  boolean isCore(Field field, String name) {
    return field.named(name)
        || field.prefixBefore(name).filter(prefix -> corePrefixes().contains(prefix)).isPresent();
  }

  /// Nearly always none, and not asked for then. A prefix may itself stand before NS, behind the NS
  /// that declares it.
  private Set<String> corePrefixes() {
    Set<String> known = corePrefixes;
    if (known == null) {
      Set<String> found = new HashSet<>();
      for (Field field : fields) {
        boolean declares =
            field.named("NS") || field.prefixBefore("NS").filter(found::contains).isPresent();
        if (declares && field.uri().filter(Namespaces::isCoreNamespace).isPresent()) {
          found.add(prefixOf(field).toLowerCase(Locale.ROOT));
        }
      }
      known = Set.copyOf(found);
      corePrefixes = known;
    }
    return known;
  }

  /// Also without its last colon, which is easily forgotten.
  private static boolean isCoreNamespace(String uri) {
    return uri.equalsIgnoreCase(CpimMessage.CORE_NAMESPACE)
        || CpimMessage.CORE_NAMESPACE.equalsIgnoreCase(uri + ":");
  }

  // ---- the headers of RFC 5438 §6

  /// The headers of that name under the prefixes declared for IMDN, in order; under the
  /// conventional one when none is and the client forgot it.
  Stream<Field> imdn(String localName) {
    return under(imdnPrefixes().stream(), localName);
  }

  /// The headers of that name under any prefix declared for IMDN, and under the conventional one,
  /// which some readers look for whatever is declared.
  Stream<Field> imdnToAnyReader(String localName) {
    return under(Stream.concat(Stream.of(IMDN), imdnNamespaces()), localName);
  }

  private Stream<Field> under(Stream<String> prefixes, String localName) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    prefixes.forEach(prefix -> names.add(prefixed(prefix, localName)));
    return fields.stream().filter(field -> isAmong(field, names));
  }

  private static boolean isAmong(Field field, Set<String> names) {
    return names.size() == 1
        ? field.named(names.iterator().next())
        : names.contains(field.header().name());
  }

  /// A prefix that is declared for IMDN.
  Optional<String> imdnPrefix() {
    return imdnNamespaces().findFirst();
  }

  /// The declared prefixes, or the conventional one of a client that forgets to declare it.
  private List<String> imdnPrefixes() {
    List<String> declared = imdnNamespaces().toList();
    return declared.isEmpty() && !declares(IMDN) ? List.of(IMDN) : declared;
  }

  private Stream<String> imdnNamespaces() {
    return fields.stream().filter(this::declaresImdn).map(Namespaces::prefixOf);
  }

  /// A prefix that cannot stand in a header name declares nothing.
  private boolean declaresImdn(Field field) {
    return isCore(field, "NS")
        && field.uri().filter(CpimMessage.IMDN_NAMESPACE::equalsIgnoreCase).isPresent()
        && (prefixOf(field).isEmpty() || Field.isName(prefixOf(field)));
  }

  private boolean declares(String prefix) {
    return fields.stream().anyMatch(f -> isCore(f, "NS") && prefixOf(f).equalsIgnoreCase(prefix));
  }

  /// One to declare: the conventional one, unless it means something else here.
  String freePrefix() {
    String prefix = IMDN;
    for (int i = 1; declares(prefix); i++) {
      prefix = IMDN + i;
    }
    return prefix;
  }

  private static String prefixOf(Field namespace) {
    String value = namespace.header().value();
    int open = value.indexOf('<');
    return open <= 0 ? "" : value.substring(0, open).strip();
  }
}
