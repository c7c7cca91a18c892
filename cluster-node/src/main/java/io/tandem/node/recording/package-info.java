/**
 * Where recordings of calls are kept: files sealed under keys that can be destroyed.
 *
 * <p>Way in: {@link io.tandem.node.recording.RecordingShelf}; its files stay in a folder ({@link
 * io.tandem.node.recording.FolderFiles}) or pass on to S3 ({@link
 * io.tandem.node.recording.SpooledFiles}). Neighbours: {@code edge.voice} writes, {@code
 * http.operation} reads; {@code protocol.media.record} makes the files, {@code
 * persistence.journal.keys} the keys.
 */
@NullMarked
package io.tandem.node.recording;

import org.jspecify.annotations.NullMarked;
