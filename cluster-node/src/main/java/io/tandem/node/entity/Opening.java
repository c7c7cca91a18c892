package io.tandem.node.entity;

/**
 * The first word to an entity whose id its sender has just made up, from time and chance ({@link
 * io.tandem.persistence.journal.TimedId}): nobody else can have heard of it.
 */
public interface Opening extends Command {}
