package io.continuo.server.conversation;

/// The answer that a sender waits for (an MSRP transaction or a SIP server transaction). Carried
/// through the pure core and never called there: the effect runner calls it, once.
@FunctionalInterface
public interface Reply {
  void answer(SubmitResult result);
}
