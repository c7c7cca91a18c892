package io.tandem.node.entity;

/**
 * What a call tells the edge that carries its legs. The host hands it to the edge's port without
 * looking inside; the edge acknowledges what it has taken on and does nothing twice.
 */
public interface EdgeSignal extends Command {}
