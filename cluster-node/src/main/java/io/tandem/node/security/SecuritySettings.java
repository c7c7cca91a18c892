package io.tandem.node.security;

import java.time.Duration;

/**
 * How much is told of what befalls the doors.
 *
 * @param window a source is told of once in it, with a count of what was seen since
 * @param loginFailures so many wrong passwords or tokens from one source are told of; fewer are
 *     people who mistype
 * @param sourcesMax of a kind in a window; more are counted together
 */
public record SecuritySettings(Duration window, int loginFailures, int sourcesMax) {}
