/// The language of the ladder scenarios: what people do with their devices, and what they see.
/// Start with [Scenario] and [ScenarioDevice].
@NullMarked
package io.continuo.scenarios.language;

import org.jspecify.annotations.NullMarked;
