/**
 * The house looking at itself: the rule catalogue, the tests that keep each rule, and the page that
 * says so honestly.
 *
 * <p>Way in: {@link io.tandem.ops.house.RulesCommand} writes {@code docs/rules.md}; a test compares
 * it. Sources are read as syntax trees by {@link io.tandem.ops.house.JavaSources}, which the tidy
 * tests of this package use too. Neighbours: none; it knows no other package of Tandem.
 */
@NullMarked
package io.tandem.ops.house;

import org.jspecify.annotations.NullMarked;
