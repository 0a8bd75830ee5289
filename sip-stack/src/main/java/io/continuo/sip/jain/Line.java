package io.continuo.sip.jain;

import gov.nist.javax.sip.stack.MessageChannel;
import io.continuo.sip.Flow;

/// A target made ready: the stack's channel to it, and the flow that carries it.
record Line(MessageChannel channel, Flow flow) {}
