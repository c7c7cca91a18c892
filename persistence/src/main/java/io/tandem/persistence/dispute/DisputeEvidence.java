package io.tandem.persistence.dispute;

import io.tandem.persistence.journal.Personal;
import java.util.List;

/**
 * What the filer points at (DSP-1); what the call itself shows is not here but read from the call
 * (DSP-5).
 *
 * @param recordingMillis where to listen, in milliseconds of connected time
 * @param logLines lines of the filer's own logs
 */
public record DisputeEvidence(List<Long> recordingMillis, List<Personal<String>> logLines) {}
