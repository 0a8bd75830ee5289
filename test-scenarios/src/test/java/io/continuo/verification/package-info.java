/// What `mvn verify` checks when all tests of all modules have run: that enough tests ran
/// ([io.continuo.verification.ExecutedTestsFloor]) and that the committed conformance document says
/// what they showed ([io.continuo.verification.ConformanceDocument]). Both are programs that Maven
/// starts in the `verify` phase of test-scenarios.
package io.continuo.verification;
