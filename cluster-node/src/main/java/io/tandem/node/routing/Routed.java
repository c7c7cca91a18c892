package io.tandem.node.routing;

import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.TraceLine;
import java.util.List;

/**
 * What routing comes to.
 *
 * @param plan empty when nobody can be rung
 * @param trace a line a candidate, the chosen first (MKT-5); at most {@link
 *     Routing#TRACE_LINES_MAX}
 */
public record Routed(RingPlan plan, List<TraceLine> trace) {}
