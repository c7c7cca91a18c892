package io.tandem.node.entity;

/**
 * What an entity answers. Each noun seals its own. Replies cross nodes, so each has a stable wire
 * name and a golden file.
 */
public interface Reply {}
