/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.grid.RefusedCall;

/**
 * What both sides say to a wrong call.
 *
 * @param call the call
 * @param ours our message, or what happened instead
 * @param torch torch's, or what happened instead
 */
record ErrorText(RefusedCall call, String ours, String torch) {

    static ErrorText of(RefusedCall call) {
        try {
            return new ErrorText(call, call.ourMessage(), call.torchMessage());
        } catch (IllegalStateException e) {
            return new ErrorText(call, e.getMessage(), "");
        }
    }

    /** Whether ours begins as torch's. */
    boolean isEqual() {
        return !torch.isEmpty() && ours.startsWith(RefusedCall.begin(torch));
    }

    /** What ours says beyond torch's words. */
    String addition() {
        return isEqual() ? ours.substring(RefusedCall.begin(torch).length()).strip() : ours;
    }
}
