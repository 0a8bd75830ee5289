package io.continuo.msrp.cpim;

/// One header of a CPIM message (RFC 3862 §2.2).
///
/// @param name as written, with its prefix (`imdn.Message-ID`)
/// @param value without the white space around it; parameters (`;lang=fr`) stay in front of it
public record CpimHeader(String name, String value) {}
