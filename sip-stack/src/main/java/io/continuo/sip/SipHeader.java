package io.continuo.sip;

/// One header field line: its name in long form, and its value without line folding.
public record SipHeader(String name, String value) {}
