/// The load generator behind `mvn -Pbench`: conversations of two subscribers with two devices each,
/// every copy on every device checked for content, order and count. Start reading at
/// [BenchCommand].
@NullMarked
package io.continuo.bench;

import org.jspecify.annotations.NullMarked;
