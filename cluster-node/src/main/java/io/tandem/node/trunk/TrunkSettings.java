package io.tandem.node.trunk;

import java.time.Duration;

/**
 * What the operator sets for all trunks.
 *
 * @param admissionAgeMax an admission older than this asks its call (MKT-10)
 */
public record TrunkSettings(Duration admissionAgeMax) {}
