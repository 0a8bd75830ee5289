/// Bad input over real sockets against the real server: each is refused once, with a status, a log
/// line and a count, and nobody else notices. Start with [SipBadInputIT].
package io.continuo.scenarios.badinput;
