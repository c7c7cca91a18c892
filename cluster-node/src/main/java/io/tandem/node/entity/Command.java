package io.tandem.node.entity;

/**
 * An imperative to an entity. Each noun seals its own. Commands cross nodes, so each has a stable
 * wire name and a golden file.
 */
public interface Command {}
