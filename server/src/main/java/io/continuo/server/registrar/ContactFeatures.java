package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
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
  private static final int MAX_REG_ID_DIGITS = 9;

  @SuppressWarnings("unchecked") // it holds nothing
  private static final Map.Entry<String, String>[] NONE = new Map.Entry[0];

  private static final Pattern PUBLIC_GRUU = Pattern.compile("(?i);gr=(urn:[^;?>\\s]+)");
  private static final Pattern COMMAS = Pattern.compile("[,\\s]+");
  private static final String ICSI = "+g.3gpp.icsi-ref";
  private static final String CHAT_ICSI = "urn%3aurn-7%3a3gpp-service.ims.icsi.oma.cpm.session";
  private static final String STANDALONE_ICSI = "urn%3aurn-7%3a3gpp-service.ims.icsi.oma.cpm.msg";

  private ContactFeatures() {}

  /// `+sip.instance` without angle brackets; a UUID in lower case, for URNs of that kind compare
  /// without case (RFC 5626 §4.1, RFC 9562 §4).
  static Optional<String> instance(Map<String, String> parameters) {
    String value = bare(parameters.getOrDefault(INSTANCE, ""));
    if (value.regionMatches(true, 0, "urn:uuid:", 0, 9)) {
      return Optional.of(value.toLowerCase(Locale.ROOT));
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private static String bare(String instance) {
    int from = instance.startsWith("<") ? 1 : 0;
    int to = instance.length() - (instance.endsWith(">") ? 1 : 0);
    for (int i = from; i < to; i++) {
      if (isSkipped(instance.charAt(i))) {
        return bareOf(instance); // as no client writes it
      }
    }
    return instance.substring(Math.min(from, to), to);
  }

  private static String bareOf(String instance) {
    StringBuilder bare = new StringBuilder(instance.length());
    for (int i = 0; i < instance.length(); i++) {
      if (!isSkipped(instance.charAt(i))) {
        bare.append(instance.charAt(i));
      }
    }
    return bare.toString();
  }

  private static boolean isSkipped(char c) {
    return c == '<' || c == '>' || c == '"' || c == ' ' || (c >= '\t' && c <= '\r');
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
    return isRegId(value) && instance(parameters).isPresent() ? Integer.parseInt(value) : 0;
  }

  private static boolean isRegId(String value) {
    return !value.isEmpty()
        && value.length() <= MAX_REG_ID_DIGITS
        && value.charAt(0) != '0'
        && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static DeviceId device(AddressOfRecord owner, Registration.Contact contact) {
    return new DeviceId(owner, instance(contact).orElse(contact.uri()));
  }

  /// Unmodifiable.
  static Map<String, String> features(Map<String, String> parameters) {
    List<Map.Entry<String, String>> features = new ArrayList<>(parameters.size());
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      if (!NOT_FEATURES.contains(parameter.getKey())) {
        features.add(parameter);
      }
    }
    return features.size() == parameters.size()
        ? Map.copyOf(parameters)
        : Map.ofEntries(features.toArray(NONE));
  }

  /// PAGER for a device that can take MESSAGE but no INVITE, or that asks for nothing but
  /// standalone messages (OMA CPM 2.2 §6.1.2).
  static ChannelKind channel(Map<String, String> features) {
    return methodsLackInvite(features) || standaloneMessagesOnly(features)
        ? ChannelKind.PAGER
        : ChannelKind.SESSION;
  }

  private static boolean methodsLackInvite(Map<String, String> features) {
    Set<String> methods = listed(features, "methods");
    return methods.contains("message") && !methods.contains("invite");
  }

  private static boolean standaloneMessagesOnly(Map<String, String> features) {
    Set<String> services = listed(features, ICSI);
    return services.contains(STANDALONE_ICSI)
        && !services.contains(CHAT_ICSI)
        && !features.containsKey("+g.oma.sip-im");
  }

  /// What a feature lists, in lower case.
  private static Set<String> listed(Map<String, String> features, String name) {
    String text = features.get(name);
    return text == null
        ? Set.of()
        : new HashSet<>(Arrays.asList(COMMAS.split(text.toLowerCase(Locale.ROOT))));
  }
}
