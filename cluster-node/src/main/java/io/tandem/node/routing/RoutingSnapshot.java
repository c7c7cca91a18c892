package io.tandem.node.routing;

import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.vertical.VerticalState;
import java.util.List;

/**
 * What routing knows of the world when a call comes.
 *
 * @param campaignAccountId the campaign's tenant
 * @param campaign how the campaign treats the call; names the vertical
 * @param vertical what calls of that vertical are sold for now (QT-1)
 * @param candidates agents that bid for the vertical, in any order
 */
public record RoutingSnapshot(
    String campaignAccountId,
    CampaignTerms campaign,
    VerticalState.Terms vertical,
    List<Candidate> candidates) {}
