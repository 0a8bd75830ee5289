package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.sip.Digits;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The headers that a chat is made of: its identifiers (OMA CPM 2.2 §5.1), the multi-client mark,
/// why it ends (RFC 3326 §2), how long it may ring.
///
/// @param optionTag our mark; empty: we say none
record ChatHeaders(String optionTag) {
  /// Understood also when we say none.
  private static final String KNOWN_TAG = "multi-client";

  private static final Pattern CAUSE = Pattern.compile("(?i)SIP\\b.*;\\s*cause\\s*=\\s*(\\d{3}).*");

  /// RFC 3261 §25.1.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]+");

  /// Of a number of seconds that is read.
  private static final int MOST_DIGITS = 18;

  /// Shipped clients make them UUIDs of 32 or 36 characters.
  private static final int MAX_IDENTIFIER = 255;

  private static final Pattern IDENTIFIER = Pattern.compile("[!-~]{1," + MAX_IDENTIFIER + "}");

  /// RFC 3261 §13.2.1 leaves it open; a chat nobody answers in this time is missed.
  private static final Duration DEFAULT_EXPIRES = Duration.ofMinutes(3);

  /// What goes on to every device and is kept with the chat. One that is no single word, or longer
  /// than any client makes them, counts as not said.
  static ConversationHeaders identifiers(SipHeaders headers) {
    return new ConversationHeaders(
        identifier(headers, "Conversation-ID"),
        identifier(headers, "Contribution-ID"),
        identifier(headers, "InReplyTo-Contribution-ID"));
  }

  private static Optional<String> identifier(SipHeaders headers, String name) {
    return headers.first(name).filter(id -> IDENTIFIER.matcher(id).matches());
  }

  static SipHeaders identify(SipHeaders headers, ConversationHeaders chat) {
    SipHeaders result = headers;
    if (chat.conversationId().isPresent()) {
      result = result.with("Conversation-ID", chat.conversationId().get());
    }
    if (chat.contributionId().isPresent()) {
      result = result.with("Contribution-ID", chat.contributionId().get());
    }
    if (chat.inReplyToContributionId().isPresent()) {
      result = result.with("InReplyTo-Contribution-ID", chat.inReplyToContributionId().get());
    }
    return result;
  }

  SipHeaders mark(SipHeaders headers) {
    return optionTag.isEmpty() ? headers : headers.with("Supported", optionTag);
  }

  boolean marked(SipMessage message) {
    return message.headers().elements("Supported").stream().anyMatch(this::isMark);
  }

  boolean isMark(String tag) {
    return tag.equalsIgnoreCase(optionTag.isEmpty() ? KNOWN_TAG : optionTag);
  }

  /// Whether Allow names this method.
  static boolean allows(SipHeaders headers, String method) {
    return headers.elements("Allow").stream().anyMatch(method::equalsIgnoreCase);
  }

  /// What the sender's Privacy asks for (RFC 3323 §4.2).
  enum Privacy {
    NONE,
    /// Whose it is must not be told: `id` (RFC 3325 §9.3), `user` or `header`.
    WANTED,
    /// Rather not at all than with a name.
    CRITICAL
  }

  static Privacy privacy(SipHeaders headers) {
    List<String> asked =
        headers.lines("Privacy").stream()
            .flatMap(line -> Arrays.stream(line.toLowerCase(Locale.ROOT).split("[;,]")))
            .map(String::strip)
            .toList();
    if (asked.contains("none")
        || asked.stream().noneMatch(Set.of("id", "user", "header")::contains)) {
      return Privacy.NONE;
    }
    return asked.contains("critical") ? Privacy.CRITICAL : Privacy.WANTED;
  }

  static Duration expires(SipHeaders headers) {
    OptionalInt seconds = seconds(headers, "Expires");
    return seconds.isPresent() && seconds.getAsInt() > 0
        ? Duration.ofSeconds(seconds.getAsInt())
        : DEFAULT_EXPIRES;
  }

  /// A header that holds delta-seconds, perhaps with a comment or parameters; empty when absent or
  /// no number. Beyond an int is cut (RFC 3261 §20.19).
  static OptionalInt seconds(SipHeaders headers, String name) {
    return headers.first(name).map(ChatHeaders::seconds).orElse(OptionalInt.empty());
  }

  private static OptionalInt seconds(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != '(') {
      end++;
    }
    String digits = text.substring(0, end).strip();
    return Digits.only(digits, MOST_DIGITS)
        ? OptionalInt.of((int) Math.min(Long.parseLong(digits), Integer.MAX_VALUE))
        : OptionalInt.empty();
  }

  static ByeReason reason(SipHeaders headers) {
    return headers.elements("Reason").stream()
        .map(CAUSE::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(cause ->
            switch (cause.group(1)) {
              case "200" -> ByeReason.USER_LEAVES;
              case "480", "503" -> ByeReason.DEVICE_DROPPED;
              default -> ByeReason.NONE;
            })
        .orElse(ByeReason.NONE);
  }

  static SipHeaders reason(ByeReason reason) {
    return switch (reason) {
      case NONE -> SipHeaders.NONE;
      case USER_LEAVES -> reason(200, "Call completed");
      case DEVICE_DROPPED -> reason(480, "Device dropped");
      case GROUP_CLOSED -> reason(410, "Gone");
    };
  }

  static SipHeaders answeredElsewhere() {
    return reason(200, "Call completed elsewhere");
  }

  /// A 2xx or an ACK whose answer to our offer cannot be used (RFC 3261 §13.2.2.4).
  ///
  /// @param why a fixed phrase
  static SipHeaders unusableAnswer(String why) {
    return reason(488, why);
  }

  private static SipHeaders reason(int cause, String text) {
    return SipHeaders.of("Reason", "SIP;cause=" + cause + ";text=\"" + text + "\"");
  }

  /// Header parameters as text: `;name=value`. Feature tags are always quoted (RFC 3840 §9), other
  /// values when they are no token.
  static String parameters(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    parameters.forEach((name, value) -> {
      text.append(';').append(name.toLowerCase(Locale.ROOT));
      if (!value.isEmpty()) {
        boolean quote = name.startsWith("+") || !TOKEN.matcher(value).matches();
        text.append('=').append(quote ? '"' + escaped(value) + '"' : value);
      }
    });
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
