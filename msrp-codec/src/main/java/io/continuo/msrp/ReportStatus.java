package io.continuo.msrp;

import java.util.Optional;

/// The Status header of a REPORT (RFC 4975 §7.1.2, §9: `namespace SP status-code [SP
/// text-reason]`).
///
/// @param namespace 0 means that `code` is a status code of RFC 4975; no other one is registered
/// @param code three digits
/// @param comment the rest, possibly empty; shipped clients leave it out
public record ReportStatus(int namespace, int code, String comment) {
  private static final int DIGITS = 3;
  private static final int PARTS = 3;

  /// This status, in the namespace of RFC 4975.
  public static ReportStatus of(MsrpStatus status) {
    return new ReportStatus(0, status.code(), status.comment());
  }

  /// Reads the value of the header; empty when it is none.
  public static Optional<ReportStatus> parse(String value) {
    String[] parts = value.strip().split(" +", PARTS);
    if (parts.length < 2 || !isThreeDigits(parts[0]) || !isThreeDigits(parts[1])) {
      return Optional.empty();
    }
    String comment = parts.length > 2 ? parts[2] : "";
    return Optional.of(
        new ReportStatus(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), comment));
  }

  private static boolean isThreeDigits(String text) {
    return text.length() == DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /// Whether the bytes arrived.
  public boolean isSuccess() {
    return namespace == 0 && MsrpStatus.isSuccess(code);
  }

  /// As it stands in the header.
  @Override
  public String toString() {
    return "%03d %03d %s".formatted(namespace, code, comment).strip();
  }
}
