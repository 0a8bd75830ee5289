package io.continuo.device;

import io.continuo.device.sip.NotInTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A message on its way.
///
/// @param id its `imdn.Message-ID`
/// @param status the MSRP or SIP status it was answered with; 0 when the connection was lost first
public record Sent(String id, CompletableFuture<Integer> status) {
  /// Waits for the answer.
  public int await(Duration patience) {
    return NotInTime.await(status, patience, "the answer to message " + id);
  }
}
