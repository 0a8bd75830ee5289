package io.continuo.clients.doubles;

/// A message that a double showed to its user.
///
/// @param from the sender as the device knows it; empty when it was not told
/// @param messageId `imdn.Message-ID`; empty when it came without
/// @param wanted the dispositions that the sender asked for, as written
/// @param times how often it came: more than once shows twice
public record Said(String text, String from, String messageId, String wanted, int times) {}
