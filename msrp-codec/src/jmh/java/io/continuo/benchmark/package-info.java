/// Running the benchmarks of all modules. Start with [AlternatingRuns].
@NullMarked
package io.continuo.benchmark;

import org.jspecify.annotations.NullMarked;
