/**
 * What an entity keeps for a time only: ids it has already done, things it asks about when they are
 * old, its use of a day.
 *
 * <p>Way in: {@link io.tandem.persistence.window.Memory}, {@link
 * io.tandem.persistence.window.Agenda}, {@link io.tandem.persistence.window.DayUse}; all immutable,
 * each step O(log n). Neighbours: the states of {@code wallet}, {@code agent} and {@code campaign}
 * are made of them; {@code journal} writes them into snapshots.
 */
@NullMarked
package io.tandem.persistence.window;

import org.jspecify.annotations.NullMarked;
