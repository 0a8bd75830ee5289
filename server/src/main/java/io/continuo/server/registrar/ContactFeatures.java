package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the parameters of a Contact say about the device behind it (RFC 3840 §9, RFC 5626 §4).
final class ContactFeatures {
  static final String INSTANCE = "+sip.instance";
  static final String REG_ID = "reg-id";

  private static final Set<String> NOT_FEATURES = Set.of("expires", "q", REG_ID, INSTANCE);
  private static final Pattern PUBLIC_GRUU = Pattern.compile("(?i);gr=(urn:[^;?>\\s]+)");
  private static final String ICSI = "+g.3gpp.icsi-ref";
  private static final String CHAT_ICSI = "urn%3aurn-7%3a3gpp-service.ims.icsi.oma.cpm.session";
  private static final String STANDALONE_ICSI = "urn%3aurn-7%3a3gpp-service.ims.icsi.oma.cpm.msg";

  private ContactFeatures() {}

  /// `+sip.instance` without angle brackets; a UUID in lower case, for URNs of that kind compare
  /// without case (RFC 5626 §4.1, RFC 9562 §4).
  static Optional<String> instance(Map<String, String> parameters) {
    String value = parameters.getOrDefault(INSTANCE, "").replaceAll("[<>\"\\s]", "");
    if (value.regionMatches(true, 0, "urn:uuid:", 0, 9)) {
      return Optional.of(value.toLowerCase(Locale.ROOT));
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /// The instance that a Contact names: `+sip.instance`, else the `gr` of a public GRUU (RFC 5627
  /// §3.1), which is the same.
  static Optional<String> instance(Registration.Contact contact) {
    return instance(contact.parameters())
        .or(() -> {
          Matcher gr = PUBLIC_GRUU.matcher(contact.uri());
          return gr.find() ? instance(Map.of(INSTANCE, gr.group(1))) : Optional.empty();
        });
  }

  /// `reg-id`, 0 when it is absent, malformed, or has no instance to belong to (RFC 5626 §6).
  static int regId(Map<String, String> parameters) {
    String value = parameters.getOrDefault(REG_ID, "");
    return instance(parameters).isPresent() && value.matches("[1-9]\\d{0,8}")
        ? Integer.parseInt(value)
        : 0;
  }

  static DeviceId device(AddressOfRecord owner, Registration.Contact contact) {
    return new DeviceId(owner, instance(contact).orElse(contact.uri()));
  }

  static Map<String, String> features(Map<String, String> parameters) {
    Map<String, String> features = new HashMap<>(parameters);
    features.keySet().removeAll(NOT_FEATURES);
    return features;
  }

  /// PAGER for a device that can take MESSAGE but no INVITE, or that asks for nothing but
  /// standalone messages (OMA CPM 2.2 §6.1.2).
  static ChannelKind channel(Map<String, String> features) {
    return methodsLackInvite(features) || standaloneMessagesOnly(features)
        ? ChannelKind.PAGER
        : ChannelKind.SESSION;
  }

  private static boolean methodsLackInvite(Map<String, String> features) {
    Set<String> methods =
        Set.copyOf(
            Arrays.stream(
                    features.getOrDefault("methods", "").toUpperCase(Locale.ROOT).split("[,\\s]+"))
                .distinct()
                .toList());
    return methods.contains("MESSAGE") && !methods.contains("INVITE");
  }

  private static boolean standaloneMessagesOnly(Map<String, String> features) {
    Set<String> services =
        Set.copyOf(
            Arrays.stream(features.getOrDefault(ICSI, "").toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .distinct()
                .toList());
    return services.contains(STANDALONE_ICSI)
        && !services.contains(CHAT_ICSI)
        && !features.containsKey("+g.oma.sip-im");
  }
}
