/**
 * What would it have cost: history run again under other terms, through the rules that the node
 * itself decides by (AUD-4, COOL-7).
 *
 * <p>Way in: {@link io.tandem.ops.whatif.WhatIf} reads a journal and gives a {@link
 * io.tandem.ops.whatif.Difference} per account; {@code tandem audit what-if} shows it. Neighbours:
 * {@code cluster-node}'s call and agent rules, which decide; {@code persistence.audit}, which
 * reads.
 */
@NullMarked
package io.tandem.ops.whatif;

import org.jspecify.annotations.NullMarked;
