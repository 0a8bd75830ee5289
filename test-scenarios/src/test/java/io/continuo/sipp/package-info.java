/// SIPp as a SIP peer of the server, with MSRP endpoints beside it. [io.continuo.sipp.Sipp] runs
/// one scenario of `src/test/sipp`, [io.continuo.sipp.MsrpEndpoint] is the MSRP side of its SDP,
/// [io.continuo.sipp.LossyForwarder] loses datagrams between SIPp and the server.
package io.continuo.sipp;
