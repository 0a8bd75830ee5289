package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpStatus;

/// Which answers a sender wants (RFC 4975 §7.1.2).
enum FailureReport {
  YES,
  NO,
  PARTIAL;

  static FailureReport of(MsrpInbound request) {
    String value = request.header(MsrpHeader.FAILURE_REPORT).orElse("yes");
    if (value.equalsIgnoreCase("no")) {
      return NO;
    }
    return value.equalsIgnoreCase("partial") ? PARTIAL : YES;
  }

  boolean wants(MsrpStatus status) {
    return switch (this) {
      case YES -> true;
      case NO -> false;
      case PARTIAL -> status != MsrpStatus.OK;
    };
  }
}
