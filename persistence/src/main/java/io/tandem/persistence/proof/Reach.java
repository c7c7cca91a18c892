package io.tandem.persistence.proof;

/**
 * How far an anchor goes.
 *
 * @param name what to call the place
 * @param newest the number of the newest checkpoint it has; 0 for none
 * @param isThere whether the place itself is there
 */
public record Reach(String name, long newest, boolean isThere) {}
