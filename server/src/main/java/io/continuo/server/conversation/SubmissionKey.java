package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;

/// What makes two submissions the same one.
sealed interface SubmissionKey {

  /// The same `imdn.Message-ID` from one subscriber, whichever device sends it again.
  record ByMessageId(AddressOfRecord subscriber, String messageId) implements SubmissionKey {}

  /// The same device reports the same thing of the same message again.
  record ByReport(DeviceId device, String reported, String disposition) implements SubmissionKey {}

  /// The same transport id and body from one device: a message without an id of its own, sent again
  /// because its answer was lost. The body counts, because clients begin their counters anew.
  record ByTransport(DeviceId device, String transportId, long length, int hash)
      implements SubmissionKey {
    static ByTransport of(ConversationEvent.Submit submit) {
      Body body = submit.body();
      return new ByTransport(submit.device(), submit.transportId(), body.length(), body.hash());
    }
  }
}
