/// The server under test as a process of its own, started as an operator would start it. Start with
/// [io.continuo.scenarios.ServerProcess].
package io.continuo.scenarios;
