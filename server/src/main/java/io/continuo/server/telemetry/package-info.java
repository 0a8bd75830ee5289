/// Health, metrics and the story of a message, on a local port. Start with [OperationsServer].
@NullMarked
package io.continuo.server.telemetry;

import org.jspecify.annotations.NullMarked;
